/** Codes of what an expression asks for that a strategy cannot say exactly. Each has a text (`texts/`). */
export const REFUSALS = [
  "jdm.syntax",
  "jdm.function",
  "jdm.list",
  "jdm.object",
  "jdm.text-joined",
  "jdm.compared-fields",
  "jdm.operator",
  "jdm.not-yes-or-no",
  "jdm.nothing-there",
  "jdm.clock",
  "jdm.other-nodes",
  "jdm.too-many-cases",
  "jdm.too-deep",
  "jdm.type-unknown",
  "jdm.type-conflict",
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

/** Why an expression is not taken over. Never leaves this folder: the importer catches it where it knows node, row and cell. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  /** The piece it is about. */
  readonly piece: string;
  constructor(code: RefusalCode, piece: string) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.piece = piece;
  }
}
