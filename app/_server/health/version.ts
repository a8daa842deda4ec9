import { PROGRAM_FORMATS } from "#engine/model/program";
import packageJson from "../../../package.json";

/** What runs here: for whoever compares two machines. */
export type Version = {
  readonly name: string;
  readonly version: string;
  readonly node: string;
  /** Formats of Programs this process can run. */
  readonly programFormats: readonly number[];
};

export function versionHere(): Version {
  const { name, version } = packageJson;
  return { name, version, node: process.versions.node, programFormats: PROGRAM_FORMATS };
}
