import type { Socket } from "node:net";
import { SMTPServer } from "smtp-server";
import { fieldsOf, splitPart } from "../smtp/mail-parts";
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from "./localhost-certificate";

/** How the server behaves towards the next messages. */
export type MailMood =
  | "friendly"
  | "busy-recipient"
  | "refuses-recipient"
  | "refuses-content"
  | "busy-content"
  | "silent-greeting"
  | "silent-after-content"
  | "hangs-up-on-recipient"
  | "hangs-up-after-content";

export type Mail = {
  readonly from: string;
  readonly to: string;
  readonly raw: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly isSecure: boolean;
};

export type MailServer = {
  readonly port: number;
  readonly mails: Mail[];
  mood: MailMood;
  readonly close: () => Promise<void>;
};

export const MAIL_USER = { user: "duecourse", password: "s3cret" } as const;

const answer = (code: number, words: string): Error => Object.assign(new Error(words), { responseCode: code });

/** A real mail server on this machine: STARTTLS, log-in demanded, and moods. */
export async function openMailServer(options: { readonly startTls?: boolean } = {}): Promise<MailServer> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const state: { mood: MailMood } = { mood: "friendly" };
  const server = new SMTPServer({
    key: LOCALHOST_KEY,
    cert: LOCALHOST_CERTIFICATE,
    authOptional: false,
    // Whoever logs in without TLS is let in only where the server offers none.
    allowInsecureAuth: options.startTls === false,
    disabledCommands: options.startTls === false ? ["STARTTLS"] : [],
    logger: false,
    closeTimeout: 100,
    onConnect: (_session, done) => {
      if (state.mood !== "silent-greeting") done();
    },
    onAuth: ({ username, password }, _session, done) =>
      username === MAIL_USER.user && password === MAIL_USER.password
        ? done(null, { user: username })
        : done(answer(535, "5.7.8 no")),
    onRcptTo: (_address, _session, done) => {
      if (state.mood === "busy-recipient") return done(answer(451, "4.3.2 later"));
      if (state.mood === "refuses-recipient") return done(answer(550, "5.1.1 nobody of that name"));
      if (state.mood === "hangs-up-on-recipient") return void hangUp(sockets);
      done();
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("end", () => {
        if (state.mood === "refuses-content") return done(answer(554, "5.7.1 spam"));
        if (state.mood === "busy-content") return done(answer(452, "4.3.1 full"));
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? "" : mailFrom.address;
        mails.push(mailOf(Buffer.concat(chunks), { from, to: rcptTo[0]?.address ?? "", isSecure: session.secure }));
        if (state.mood === "silent-after-content") return;
        if (state.mood === "hangs-up-after-content") return void hangUp(sockets);
        done();
      });
    },
  });
  server.on("error", () => undefined);
  server.server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const address = server.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = () =>
    new Promise<void>((resolve) => {
      hangUp(sockets);
      server.close(() => resolve());
    });
  return Object.assign(state, { port, mails, close });
}

function hangUp(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) socket.destroy();
}

function mailOf(bytes: Buffer, envelope: Pick<Mail, "from" | "to" | "isSecure">): Mail {
  const raw = bytes.toString("utf8");
  const { headers, body } = splitPart(raw);
  return { ...envelope, raw, headers, text: decoded(body, headers.get("content-transfer-encoding") ?? "7bit") };
}

function decoded(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return body.replace(/\n$/, "");
  const bytes = body
    .replace(/=\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8").replace(/\n$/, "");
}

/** A header as it reads, its encoded words (RFC 2047) put back. */
export function readable(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === "b"
        ? Buffer.from(text, "base64").toString("latin1")
        : text
            .replaceAll("_", " ")
            .replace(/=([0-9A-F]{2})/g, (_hex, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    )
    .replace(/[\s\S]*/, (text) => (text === "" ? "" : Buffer.from(text, "latin1").toString("utf8")));
}

/** Names of a message's header fields, each as often as it stands there. */
export function headerNames(raw: string): readonly string[] {
  const head = raw.replaceAll("\r\n", "\n").split("\n\n", 1)[0] ?? "";
  return head
    .replace(/\n[ \t]+/g, " ")
    .split("\n")
    .flatMap((line) => [...fieldsOf(line).keys()]);
}
