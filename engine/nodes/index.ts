import type { JsonValue } from "../model/json";
import { branch } from "./branch/node";
import type { AnyNodeDefinition, NodeDefinition } from "./define";
import { exit } from "./exit/node";
import { qaText } from "./qa/node";
import { robot } from "./robot/node";
import { scorecard } from "./scorecard/node";
import { sms } from "./sms/node";
import { split } from "./split/node";
import { start } from "./start/node";
import { table } from "./table/node";
import { wait } from "./wait/node";

/**
 * Forgets the data type. Safe because shared code hands a definition only data its own schema parsed
 * (`engine/graph/step-data.ts`); this is the one place where the registry casts.
 */
function erase<TData extends { readonly [key: string]: JsonValue | undefined }>(
  definition: NodeDefinition<TData>,
): AnyNodeDefinition {
  return definition as unknown as AnyNodeDefinition;
}

/** Every step type, in the order of the palette. A new one is a folder and a line here. */
export const nodeDefinitions: readonly AnyNodeDefinition[] = [
  erase(start),
  erase(sms),
  erase(robot),
  erase(wait),
  erase(branch),
  erase(table),
  erase(scorecard),
  erase(split),
  erase(qaText),
  erase(exit),
];

const byType = new Map(nodeDefinitions.map((definition) => [definition.type, definition]));

/** The definition of a step type, or undefined when this build does not know it. */
export function definitionOf(type: string): AnyNodeDefinition | undefined {
  return byType.get(type);
}
