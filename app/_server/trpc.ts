import { initTRPC, TRPCError } from "@trpc/server";
import type { TRPC_ERROR_CODE_KEY } from "@trpc/server/rpc";
import type { Database } from "#db";
import type { Actor, Issue, Permission } from "#engine";
import { AppError, type AppErrorKind } from "./errors";

/** What every procedure gets: the database and who asks. Nothing else is ambient. */
export type Context = { readonly database: Database; readonly actor: Actor };

type Meta = { readonly permission: Permission };

/** What a screen gets to know of a refusal. Bugs and driver errors show as `internal`, without their message. */
export type ErrorDetail = {
  readonly code: string;
  readonly params: { readonly [name: string]: string | number };
  readonly issues: readonly Issue[];
};

const TRPC_CODE_OF = {
  "not-found": "NOT_FOUND",
  conflict: "CONFLICT",
  invalid: "BAD_REQUEST",
  refused: "PRECONDITION_FAILED",
  forbidden: "FORBIDDEN",
  "too-large": "PAYLOAD_TOO_LARGE",
} satisfies Record<AppErrorKind, TRPC_ERROR_CODE_KEY>;

function detailOf(error: TRPCError): ErrorDetail {
  if (error.cause instanceof AppError) {
    return { code: error.cause.code, params: error.cause.params, issues: error.cause.issues };
  }
  if (error.code === "BAD_REQUEST") return { code: "input", params: {}, issues: [] };
  return { code: "internal", params: {}, issues: [] };
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    errorFormatter: ({ shape, error }) => ({
      ...shape,
      // The message of an unforeseen error may quote a row; a screen shows the text of `detail.code` instead.
      message: shape.data.code,
      data: { code: shape.data.code, httpStatus: shape.data.httpStatus, detail: detailOf(error) },
    }),
  });

/** Refuses what the actor may not do; for route handlers, which are no procedures. */
export function demand(actor: Actor, permission: Permission): void {
  if (!actor.permissions.includes(permission)) throw new AppError("forbidden", "forbidden", { params: { permission } });
}

/** Turns coded refusals of use cases into tRPC errors, and refuses what the actor may not do. */
const doorman = t.middleware(async ({ ctx, meta, next }) => {
  if (meta === undefined || !ctx.actor.permissions.includes(meta.permission)) {
    const refusal = new AppError("forbidden", "forbidden", { params: { permission: meta?.permission ?? "" } });
    throw new TRPCError({ code: TRPC_CODE_OF.forbidden, cause: refusal });
  }
  const result = await next();
  if (!result.ok && result.error.cause instanceof AppError) {
    throw new TRPCError({ code: TRPC_CODE_OF[result.error.cause.kind], cause: result.error.cause });
  }
  return result;
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** The only way to make a procedure: it names the permission it needs (design D16). */
export function procedure(permission: Permission) {
  return t.procedure.meta({ permission }).use(doorman);
}
