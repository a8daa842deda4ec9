import type { IntentKind, IntentOf, NewIntent } from "#engine/ports/outbox";
import type { Connection } from "../client";

type Base = Pick<NewIntent, "key" | "stepSeq" | "attempt" | "nodeId" | "notBeforeMs" | "notAfterMs" | "state">;
type OfKind<TKind extends IntentKind> = Omit<
  IntentOf<TKind>,
  keyof Base | "kind" | "channel" | "contentId" | "lexicon"
>;

/** What an intent holds beside its columns. Written and read here and nowhere else, by the same build or an older one. */
export type IntentDetails = { readonly [kind in IntentKind]: OfKind<kind> };

export function detailsOf(intent: NewIntent): IntentDetails[IntentKind] {
  switch (intent.kind) {
    case "contact":
      return { terms: intent.terms };
    case "qa":
      return {};
    case "conversation-qa":
      return { passScore: intent.passScore };
    case "task":
      return { task: intent.task, desk: intent.desk, details: intent.details };
    case "external":
      return { integration: intent.integration, send: intent.send, timeoutMs: intent.timeoutMs };
    default:
      throw intent satisfies never;
  }
}

type Fragment = ReturnType<Connection>;

/** Details with the instant by which people should have done it moved by so many milliseconds; the others as they are. */
export function laterDetails(connection: Connection, details: Fragment, shiftMs: Fragment): Fragment {
  const moved = (path: string) => connection`jsonb_set(${details}, ${path}::text[],
    to_jsonb((${details} #>> ${path}::text[])::float8 + ${shiftMs}))`;
  return connection`case when ${details} #> '{desk,dueAtMs}' is not null then ${moved("{desk,dueAtMs}")}
    when ${details} #> '{terms,desk,dueAtMs}' is not null then ${moved("{terms,desk,dueAtMs}")} else ${details} end`;
}
