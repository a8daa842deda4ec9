import type { ReturnKind } from "../manifest";
import { acknowledgement } from "./acknowledgement";
import { activity } from "./activity";
import { consent } from "./consent";
import { payment } from "./payment";

const definitions = { activity, payment, acknowledgement, consent } satisfies { readonly [kind in ReturnKind]: object };

/** How a sort of return is read and what its lines mean. */
export function returnOf(kind: ReturnKind) {
  return definitions[kind];
}

export function columnsOfKind(kind: ReturnKind) {
  return returnOf(kind).columns;
}
