import type { JsonValue, StrategyNode } from "#engine";

type Data = StrategyNode["data"];
type Member = { readonly [key: string]: JsonValue | undefined };

function isMember(value: unknown): value is Member {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at a dotted path of a step's data; undefined when nothing does. */
export function valueAt(data: Member, path: string): JsonValue | undefined {
  let value: JsonValue | undefined | Member = data;
  for (const key of path.split(".")) {
    if (!isMember(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value as JsonValue | undefined;
}

/** The data with a dotted path set; undefined takes the member away, as optional members of a schema want it. */
export function withValueAt(data: Data, path: string, value: JsonValue | undefined): Data {
  const [key = "", ...rest] = path.split(".");
  const { [key]: before, ...others } = data;
  if (rest.length > 0) {
    const inner = withValueAt(isMember(before) ? (before as Data) : {}, rest.join("."), value);
    return { ...others, [key]: inner };
  }
  return value === undefined ? others : { ...others, [key]: value as Data[string] };
}
