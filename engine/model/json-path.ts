const PLAIN_MEMBER = /^[A-Za-z_$][\w$-]*$/;

/** A place in a document as people read it: `nodes[2].data.days`; odd member names are quoted. The root is "". */
export function pathText(segments: readonly PropertyKey[]): string {
  let text = "";
  for (const segment of segments) text = childPath(text, segment);
  return text;
}

export function childPath(parent: string, segment: PropertyKey): string {
  if (typeof segment === "number") return `${parent}[${segment}]`;
  const name = String(segment);
  if (!PLAIN_MEMBER.test(name)) return `${parent}[${JSON.stringify(name)}]`;
  return parent === "" ? name : `${parent}.${name}`;
}
