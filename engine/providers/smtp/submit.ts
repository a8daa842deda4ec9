import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { SmtpConfig } from "./config";

/** How a mail server took a message; `words` is the last thing it said. */
export type Submission =
  | { readonly kind: "taken"; readonly words: string }
  /** It said no, or it was never reached. `code` null = it said nothing. */
  | { readonly kind: "refused"; readonly code: number | null; readonly phase: "connect" | "login" | "message" }
  /** It had the message, or part of it, and then there was silence. */
  | { readonly kind: "unclear" };

export type Letter = {
  readonly from: string;
  readonly to: string;
  readonly bytes: Buffer;
  readonly signal: AbortSignal;
};

/** As long as the engine waits for all of it; each silence ends sooner. */
const SILENCE_MAX_MS = 8000;
const AFTER_TLS_CLOSE_MS = 500;

function connectionTo({ host, port, security, ca }: SmtpConfig): SMTPConnection {
  return new SMTPConnection({
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    tls: { minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: SILENCE_MAX_MS,
    greetingTimeout: SILENCE_MAX_MS,
    socketTimeout: SILENCE_MAX_MS,
    socketCloseTimeout: AFTER_TLS_CLOSE_MS,
  });
}

/**
 * Hands one message to a mail server on a connection of its own. Never rejects. What was refused was not taken for certain: the
 * server said so, or the first byte of the message had not left.
 */
export function submit(config: SmtpConfig, letter: Letter): Promise<Submission> {
  return new Promise((resolve) => {
    const connection = connectionTo(config);
    let phase: "connect" | "login" | "message" = "connect";
    let begun = false;
    const finish = (submission: Submission): void => {
      resolve(submission);
      connection.close();
    };
    const failed = (error: unknown): void => {
      const code = responseCodeOf(error);
      finish(code === null && begun ? { kind: "unclear" } : { kind: "refused", code, phase });
    };
    letter.signal.addEventListener("abort", () => failed(null), { once: true });
    connection.on("error", failed);
    const sendMessage = (): void => {
      phase = "message";
      const content = Readable.from(
        (function* () {
          begun = true;
          yield letter.bytes;
        })(),
      );
      const envelope = { from: letter.from, to: [letter.to], size: letter.bytes.length };
      connection.send(envelope, content, (error, info) => {
        if (error !== null && error !== undefined) failed(error);
        else finish({ kind: "taken", words: String(info?.response ?? "") });
      });
    };
    connection.connect((error) => {
      if (error !== null && error !== undefined) return failed(error);
      const { user, password } = config;
      if (user === undefined || password === undefined) return sendMessage();
      phase = "login";
      connection.login({ user, pass: password }, (refused) =>
        refused !== null && refused !== undefined ? failed(refused) : sendMessage(),
      );
    });
  });
}

function responseCodeOf(error: unknown): number | null {
  const code = typeof error === "object" && error !== null && "responseCode" in error ? error.responseCode : null;
  return typeof code === "number" && code >= 400 && code < 600 ? code : null;
}
