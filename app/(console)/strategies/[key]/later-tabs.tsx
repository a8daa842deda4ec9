import dynamic from "next/dynamic";
import { LoadingRows } from "../../../_ui/states";

/*
 * What stands behind the other tabs (the executor, the simulation's report, the comparison) is not asked for before the drawing is on
 * the screen; then it is, so that a tab opens at once and without a connection.
 */

const parts = {
  walk: () => import("./walk-tab"),
  simulate: () => import("./simulate-tab"),
  run: () => import("./run-tab"),
  versions: () => import("./versions-tab"),
};

const loading = () => <LoadingRows rows={8} height={48} />;

export const WalkTab = dynamic(() => parts.walk().then((part) => part.WalkTab), { loading });
export const SimulateTab = dynamic(() => parts.simulate().then((part) => part.SimulateTab), { loading });
export const RunTab = dynamic(() => parts.run().then((part) => part.RunTab), { loading });
export const VersionsTab = dynamic(() => parts.versions().then((part) => part.VersionsTab), { loading });

/** The drawing comes first; this long after it nobody is kept waiting by what is loaded for later. */
const LATER_MS = 2_000;

/** Asks for the other tabs once the drawing has had its time; gives back how to leave it. One that cannot be had is asked for again when opened. */
export function loadOtherTabs(): () => void {
  const timer = setTimeout(() => {
    for (const load of Object.values(parts)) load().catch(() => undefined);
  }, LATER_MS);
  return () => clearTimeout(timer);
}
