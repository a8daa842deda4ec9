import type { EnrollmentState } from "../model/execution";
import type { FactValue } from "../model/facts";
import type { ReceiveSpec } from "../model/program";
import { valueOfType } from "./values";

type Carried = { readonly [name: string]: FactValue } | undefined;

/** Variables after an answer's values were taken in; what the answer does not carry, or carries as another type, is unknown. */
export function receivedInto(
  vars: EnrollmentState["vars"],
  receive: readonly ReceiveSpec[],
  values: Carried,
): EnrollmentState["vars"] {
  const received: { [name: string]: FactValue } = { ...vars };
  for (const { name, variable, type } of receive) {
    const value = values !== undefined && Object.hasOwn(values, name) ? values[name] : null;
    received[variable] = valueOfType(type, value ?? null);
  }
  return received;
}
