import { createContext, use, useMemo } from "react";
import type { BundleEdge } from "./bundle-line";

/** What a review or a walk says about steps and lines: a word each, which styles know as `dz-mark-<word>`. */
export type Marks = {
  readonly steps: { readonly [nodeId: string]: string };
  readonly lines: { readonly [bundleId: string]: string };
};

const NO_MARKS: Marks = { steps: {}, lines: {} };
const MarksContext = createContext<Marks>(NO_MARKS);
export const MarksProvider = MarksContext.Provider;

type Shown = { readonly id: string; readonly className?: string | undefined };
type Elements<TNode extends Shown> = { readonly nodes: TNode[]; readonly edges: BundleEdge[] };

/** The elements with their marks; those without stay the same objects. */
export function useMarked<TNode extends Shown>({ nodes, edges }: Elements<TNode>): Elements<TNode> {
  const marks = use(MarksContext);
  return useMemo(() => {
    if (marks === NO_MARKS) return { nodes, edges };
    return {
      nodes: nodes.map((node) => {
        const mark = marks.steps[node.id];
        return mark === undefined ? node : { ...node, className: `${node.className ?? ""} dz-mark-${mark}` };
      }),
      edges: edges.map((edge) => {
        const mark = marks.lines[edge.id];
        return mark === undefined ? edge : { ...edge, className: `dz-mark-${mark}` };
      }),
    };
  }, [marks, nodes, edges]);
}
