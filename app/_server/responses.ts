import { AppError, type AppErrorKind } from "./errors";
import { reportUnforeseen } from "./report";

const HTTP_STATUS_OF = {
  "not-found": 404,
  conflict: 409,
  invalid: 400,
  refused: 412,
  forbidden: 403,
  "too-large": 413,
} satisfies Record<AppErrorKind, number>;

/** The answer of a route handler to a refusal: its code and issues, in the form the screens know from the procedures. */
export function refusalResponse(error: unknown, place: string): Response {
  if (error instanceof AppError) {
    const detail = { code: error.code, params: error.params, issues: error.issues };
    return Response.json({ detail }, { status: HTTP_STATUS_OF[error.kind] });
  }
  reportUnforeseen(error, place);
  return Response.json({ detail: { code: "internal", params: {}, issues: [] } }, { status: 500 });
}

/** A file to keep. The name is made of letters, digits, dots and dashes only, or is encoded where it is not. */
export function download(text: string, file: { readonly fileName: string; readonly type: string }): Response {
  return new Response(text, {
    headers: {
      "content-type": file.type,
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
