import smpp, { type Pdu, type Session } from "smpp";
import { SECOND_MS } from "../../model/time";
import type { SmppConfig } from "./config";

/** How a centre took one message. */
export type Submitted =
  | { readonly kind: "answered"; readonly status: number; readonly messageId: string }
  /** It was never handed over. */
  | { readonly kind: "unsent" }
  /** It was handed over and nothing came back. */
  | { readonly kind: "unclear" };

/** Takes a message in; false = not now, the centre is to bring it again. */
export type Incoming = (pdu: Pdu) => Promise<boolean>;

export type SmppSession = {
  readonly submit: (fields: Fields, signal: AbortSignal) => Promise<Submitted>;
  /** Whether the centre lets us in. */
  readonly reach: (signal: AbortSignal) => Promise<boolean>;
  /** Stays connected from now on and hears what the centre brings. */
  readonly listen: (incoming: Incoming) => void;
  readonly close: () => void;
};
type Fields = Parameters<Session["submit_sm"]>[0];

const BIND_MAX_MS = 5 * SECOND_MS;
/** Silence after "are you there" that means the line is dead. */
const ENQUIRE_MAX_MS = 10 * SECOND_MS;
const BACK_OFF_MS = { first: SECOND_MS, most: 30 * SECOND_MS } as const;
const RX_T_APPN = 0x64;

type State = {
  readonly config: SmppConfig;
  readonly now: () => number;
  bound: Session | null;
  binding: Promise<Session | null> | null;
  /** After a failure nobody knocks again before this. */
  notBeforeMs: number;
  backOffMs: number;
  underWay: number;
  readonly waiting: (() => void)[];
  readonly lost: Set<() => void>;
  incoming: Incoming | null;
  reconnect: NodeJS.Timeout | null;
  closed: boolean;
};

/** One bound connection to a centre, made when it is first needed and made again when it breaks. Nothing of it outlives the process. */
export function smppSession(config: SmppConfig, now: () => number): SmppSession {
  const state: State = {
    ...{ config, now, bound: null, binding: null, notBeforeMs: 0, backOffMs: BACK_OFF_MS.first, underWay: 0 },
    ...{ waiting: [], lost: new Set(), incoming: null, reconnect: null, closed: false },
  };
  return {
    submit: (fields, signal) => inWindow(state, signal, () => submit(state, fields, signal)),
    reach: async () => (await bind(state)) !== null,
    listen: (incoming) => {
      state.incoming = incoming;
      void bind(state);
    },
    close: () => {
      state.closed = true;
      if (state.reconnect !== null) clearTimeout(state.reconnect);
      state.bound?.destroy();
    },
  };
}

/** The bound connection, or null when there is none to be had now. */
async function bind(state: State): Promise<Session | null> {
  if (state.bound !== null) return state.bound;
  if (state.closed || state.now() < state.notBeforeMs) return null;
  state.binding ??= connect(state).finally(() => {
    state.binding = null;
  });
  return state.binding;
}

function connect(state: State): Promise<Session | null> {
  const { host, port, tls, ca, systemId, password, systemType } = state.config;
  return new Promise((resolve) => {
    const session = smpp.connect({
      host,
      port,
      tls,
      ...(tls ? { minVersion: "TLSv1.2" } : {}),
      ...(ca === undefined ? {} : { ca }),
    });
    const timeout = setTimeout(() => session.destroy(), BIND_MAX_MS);
    // The package ends the process with an error nobody listens to, and is of no use after one.
    session.on("error", () => session.destroy());
    session.on("close", () => {
      clearTimeout(timeout);
      broke(state, session);
      resolve(null);
    });
    session.on("deliver_sm", (pdu: Pdu) => void deliver(state, session, pdu));
    session.on("enquire_link", (pdu: Pdu) => session.send(pdu.response()));
    session.on(tls ? "secureConnect" : "connect", () => {
      const fields = { system_id: systemId, password, system_type: systemType, interface_version: 0x34 };
      session.bind_transceiver(fields, ({ command_status: status }) => {
        clearTimeout(timeout);
        if (status !== 0) return void session.destroy();
        state.bound = session;
        state.backOffMs = BACK_OFF_MS.first;
        keepAlive(state, session);
        resolve(session);
      });
    });
  });
}

/** The line is gone: what was under way is unclear, and the next knock waits. */
function broke(state: State, session: Session): void {
  if (state.bound === session) state.bound = null;
  for (const lose of [...state.lost]) lose();
  state.notBeforeMs = state.now() + state.backOffMs;
  if (state.incoming !== null && !state.closed) {
    state.reconnect = setTimeout(() => void bind(state), state.backOffMs);
    state.reconnect.unref();
  }
  state.backOffMs = Math.min(BACK_OFF_MS.most, state.backOffMs * 2);
}

function keepAlive(state: State, session: Session): void {
  let silence: NodeJS.Timeout | null = null;
  const asking = setInterval(() => {
    silence ??= setTimeout(() => session.destroy(), ENQUIRE_MAX_MS);
    session.enquire_link({}, () => {
      if (silence !== null) clearTimeout(silence);
      silence = null;
    });
  }, state.config.enquireSeconds * SECOND_MS);
  asking.unref();
  session.on("close", () => {
    clearInterval(asking);
    if (silence !== null) clearTimeout(silence);
  });
}

/** Said to be received only when it is kept: until then the centre brings it again. */
async function deliver(state: State, session: Session, pdu: Pdu): Promise<void> {
  const isKept = state.incoming !== null && (await state.incoming(pdu).catch(() => false));
  session.send(pdu.response(isKept ? {} : { command_status: RX_T_APPN }));
}

/** No more at once than the window; whoever waits for a place and is aborted was never sent. */
async function inWindow(state: State, signal: AbortSignal, work: () => Promise<Submitted>): Promise<Submitted> {
  if (state.underWay < state.config.window) state.underWay += 1;
  else await new Promise<void>((begin) => state.waiting.push(begin));
  try {
    return signal.aborted ? { kind: "unsent" } : await work();
  } finally {
    const next = state.waiting.shift();
    if (next === undefined) state.underWay -= 1;
    else next();
  }
}

async function submit(state: State, fields: Fields, signal: AbortSignal): Promise<Submitted> {
  const session = await bind(state);
  if (session === null || signal.aborted) return { kind: "unsent" };
  return new Promise((resolve) => {
    const finish = (submitted: Submitted): void => {
      state.lost.delete(lose);
      signal.removeEventListener("abort", lose);
      resolve(submitted);
    };
    const lose = (): void => finish({ kind: "unclear" });
    state.lost.add(lose);
    signal.addEventListener("abort", lose, { once: true });
    const isHandedOver = session.submit_sm(fields, ({ command_status: status, message_id: messageId = "" }) =>
      finish({ kind: "answered", status, messageId }),
    );
    if (!isHandedOver) finish({ kind: "unsent" });
  });
}
