import type { JsonValue } from "../model/json";
import { agent } from "./agent/node";
import { approval } from "./approval/node";
import { branch } from "./branch/node";
import { complaint } from "./complaint/node";
import type { AnyNodeDefinition, NodeDefinition } from "./define";
import { dispute } from "./dispute/node";
import { email } from "./email/node";
import { exit } from "./exit/node";
import { external } from "./external/node";
import { hardship } from "./hardship/node";
import { hold } from "./hold/node";
import { legal } from "./legal/node";
import { letter } from "./letter/node";
import { placement } from "./placement/node";
import { plan } from "./plan/node";
import { promise } from "./promise/node";
import { push } from "./push/node";
import { qaText } from "./qa/node";
import { qaConversation } from "./qa-conversation/node";
import { release } from "./release/node";
import { repeat } from "./repeat/node";
import { robot } from "./robot/node";
import { scorecard } from "./scorecard/node";
import { setValue } from "./set/node";
import { settlement } from "./settlement/node";
import { sms } from "./sms/node";
import { split } from "./split/node";
import { stage } from "./stage/node";
import { start } from "./start/node";
import { subStrategy } from "./sub-strategy/node";
import { table } from "./table/node";
import { visit } from "./visit/node";
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
  erase(email),
  erase(push),
  erase(letter),
  erase(robot),
  erase(agent),
  erase(visit),
  erase(wait),
  erase(promise),
  erase(branch),
  erase(table),
  erase(scorecard),
  erase(split),
  erase(setValue),
  erase(repeat),
  erase(stage),
  erase(subStrategy),
  erase(hold),
  erase(release),
  erase(external),
  erase(approval),
  erase(hardship),
  erase(dispute),
  erase(complaint),
  erase(plan),
  erase(settlement),
  erase(qaText),
  erase(qaConversation),
  erase(placement),
  erase(legal),
  erase(exit),
];

const byType = new Map(nodeDefinitions.map((definition) => [definition.type, definition]));

/** The definition of a step type, or undefined when this build does not know it. */
export function definitionOf(type: string): AnyNodeDefinition | undefined {
  return byType.get(type);
}
