"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, httpLink, splitLink } from "@trpc/client";
import { type ReactNode, useState } from "react";
import { Toaster } from "sonner";
import type { AppRouter } from "../_server/router";
import { TRPCProvider } from "./trpc-client";

/** A screen re-reads what is older than this when it comes back into view. */
const FRESH_MS = 5_000;
/** A refusal is an answer: asking again changes nothing. Only a request that got no answer is repeated. */
const RETRIES_MAX = 2;

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => failures < RETRIES_MAX && !hasAnswer(error),
      },
    },
  });
}

const ADDRESS = "/api/trpc";

/**
 * Calls of one moment go together. One that says `alone` in its context goes by itself, in a body of its own: it can be as long as it
 * likes, and calling it off ends it on the server too.
 */
function makeTrpcClient() {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ context }) => context.alone === true,
        true: httpLink({ url: ADDRESS, methodOverride: "POST" }),
        false: httpBatchLink({ url: ADDRESS }),
      }),
    ],
  });
}

function hasAnswer(error: unknown): boolean {
  return (
    typeof error === "object" && error !== null && "data" in error && error.data !== undefined && error.data !== null
  );
}

/** Everything below may read and change the server's data and show a passing notice. */
export function Providers({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  const [trpcClient] = useState(makeTrpcClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
        <Toaster
          position="bottom-right"
          toastOptions={{
            unstyled: true,
            classNames: {
              toast:
                "flex w-[22rem] items-start gap-2 rounded-lg border border-line bg-surface px-4 py-3 text-sm text-ink shadow-float",
              error: "border-breach/40",
              description: "text-muted",
            },
          }}
        />
      </TRPCProvider>
    </QueryClientProvider>
  );
}
