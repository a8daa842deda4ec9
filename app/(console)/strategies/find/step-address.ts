type Step = { readonly nodeId: string; readonly strategy: string | null };

/** Where a step is looked at: in the draft, or among the versions when it is in a version alone. */
export function stepAddress(key: string, version: number | null, { nodeId, strategy }: Step): string {
  if (version !== null) return `/strategies/${key}?tab=versions`;
  const within = strategy === null ? "" : `&within=${encodeURIComponent(strategy)}`;
  return `/strategies/${key}?step=${encodeURIComponent(nodeId)}${within}`;
}
