"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { type RouterOutputs, useTRPC, useTRPCClient } from "../../../_ui/trpc-client";

type Counts = RouterOutputs["run"]["enrollNext"]["counts"];
type VersionId = `ver_${string}`;
type AccountId = `acct_${string}`;

/** Pages one enrollment may take; more accounts than that are enrolled by the command line. */
const PAGES_MAX = 4_000;

export type Enrollment =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly counts: Counts }
  | { readonly kind: "done"; readonly counts: Counts }
  | { readonly kind: "failed"; readonly counts: Counts; readonly error: unknown };

const NOBODY: Counts = { looked: 0, enrolled: 0, already: 0, notEligible: 0, unknownEligibility: 0, faulted: 0 };

function sum(left: Counts, right: Counts): Counts {
  return {
    looked: left.looked + right.looked,
    enrolled: left.enrolled + right.enrolled,
    already: left.already + right.already,
    notEligible: left.notEligible + right.notEligible,
    unknownEligibility: left.unknownEligibility + right.unknownEligibility,
    faulted: left.faulted + right.faulted,
  };
}

/** Makes a version live and enrolls the portfolio page by page, so that the reader sees how far it is. Safe to repeat. */
export function useEnrollment(): {
  readonly enrollment: Enrollment;
  readonly begin: (versionId: VersionId) => Promise<void>;
  readonly forget: () => void;
} {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [enrollment, setEnrollment] = useState<Enrollment>({ kind: "idle" });
  const begin = useCallback(
    async (versionId: VersionId) => {
      let counts = NOBODY;
      setEnrollment({ kind: "running", counts });
      try {
        await client.run.makeLive.mutate({ versionId });
        let after: AccountId | null = null;
        for (let page = 0; page < PAGES_MAX; page += 1) {
          const enrolled: RouterOutputs["run"]["enrollNext"] = await client.run.enrollNext.mutate({ versionId, after });
          counts = sum(counts, enrolled.counts);
          setEnrollment({ kind: "running", counts });
          after = enrolled.after;
          if (after === null) break;
        }
        setEnrollment({ kind: "done", counts });
      } catch (error) {
        setEnrollment({ kind: "failed", counts, error });
      } finally {
        await queryClient.invalidateQueries(trpc.strategy.pathFilter());
        await queryClient.invalidateQueries(trpc.run.pathFilter());
      }
    },
    [client, queryClient, trpc],
  );
  const forget = useCallback(() => setEnrollment({ kind: "idle" }), []);
  return { enrollment, begin, forget };
}
