import { type Database, openDatabase } from "#db";
import type { MarketPack } from "#engine";
import { actorOf } from "./actor";
import { packOf } from "./compose-packs";
import { readEnv } from "./env";
import { type CallbackMetrics, callbackMetrics } from "./health/callback-metrics";
import { type Exposition, expositionOf } from "./health/exposition";
import { callbackCounter } from "./health/runtime-metrics";
import { LENDER_MARKET } from "./lender";
import { appRouter } from "./router";
import { type Context, createCallerFactory } from "./trpc";

/**
 * One database handle per process. On `globalThis`, because the development server evaluates modules anew at every change and
 * would otherwise open new connections each time.
 */
const kept = globalThis as typeof globalThis & {
  duecourseDatabase?: Database;
  duecourseExposition?: Exposition;
  duecourseCallbacks?: CallbackMetrics;
};

export function database(): Database {
  kept.duecourseDatabase ??= openDatabase(readEnv().databaseUrl, { name: "duecourse-web" });
  return kept.duecourseDatabase;
}

/** The metrics of this process, one registry for all requests. */
export function exposition(): Exposition {
  kept.duecourseExposition ??= expositionOf(database());
  return kept.duecourseExposition;
}

/** What this process counts about what providers tell it. */
export function callbackCounts(): CallbackMetrics {
  const { registry } = exposition();
  kept.duecourseCallbacks ??= callbackMetrics(registry, callbackCounter(registry), Date.now);
  return kept.duecourseCallbacks;
}

/** What a request works with. */
export function contextOf(request: Request | null): Context {
  return { database: database(), actor: actorOf(request) };
}

const createCaller = createCallerFactory(appRouter);

/** The same procedures, called by a page while it is made on the server: same permissions, same refusals. */
export function serverCaller() {
  return createCaller(contextOf(null));
}

export function marketOfLender(): MarketPack {
  return packOf(LENDER_MARKET);
}
