import type { StrategyRecord, VersionRecord } from "#db/queries/strategy";
import { parseStrategy, type Result, type StrategyDoc, writeStrategy } from "#engine";
import type { Issue } from "#engine/model/issue";
import { AppError } from "./errors";

/**
 * A draft as this build reads it: brought up from older formats, or what is wrong with it. The stored one stays as it is until
 * somebody saves, so a draft this build cannot read is not lost by looking at it.
 */
export function readDraft({ draft }: StrategyRecord): Result<StrategyDoc, readonly Issue[]> {
  return parseStrategy(draft);
}

/** The draft, or a refusal (`strategy.draft-unreadable`) with its located problems. */
export function draftOrRefuse(strategy: StrategyRecord): StrategyDoc {
  const read = readDraft(strategy);
  if (!read.ok) throw new AppError("invalid", "strategy.draft-unreadable", { issues: read.error });
  return read.value;
}

/** The document a version was published from, for looking at; its Program is what runs. Null = this build cannot read it. */
export function documentOf({ doc }: VersionRecord): StrategyDoc | null {
  const read = parseStrategy(doc);
  return read.ok ? read.value : null;
}

/** The draft as a file: as this build writes it, or as it lies in the store where this build cannot read it. */
export function draftText(strategy: StrategyRecord): string {
  const read = readDraft(strategy);
  return read.ok ? writeStrategy(read.value) : `${JSON.stringify(strategy.draft, null, 2)}\n`;
}
