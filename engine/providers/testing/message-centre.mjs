// A short message centre for tests: a real SMPP server in a process of its own, and moods chosen over HTTP.
// Contacts nobody. POST /_mood {"mood": …} · POST /_forget · POST /_look · POST /_reply · POST /_drop

import { createServer } from "node:http";
import smpp from "smpp";

const RECEIPT_DELAY_MS = 10;
const OK = 0x00;
const STATUSES = { throttled: 0x58, busy: 0x14, "system-error": 0x08, "no-such-number": 0x0b };

let mood = null;
/** Messages since the mood was chosen. */
let seen = 0;
let counter = 0;
let enquiries = 0;
let refusedReceipts = 0;
const taken = [];
const sessions = new Set();

/** Crowds come after the first part of a message: for two messages, or for good. */
function presentMood() {
  seen += 1;
  if (mood === "crowd" && seen > 1 && seen < 4) return "throttled";
  return mood === "crowd-for-good" && seen > 1 ? "throttled" : mood;
}

function receipt(session, { id, destination }, stat) {
  const state = { DELIVRD: 2, UNDELIV: 5 }[stat];
  const message = `id:${id} sub:001 dlvrd:001 submit date:2603021000 done date:2603021001 stat:${stat} err:${stat === "DELIVRD" ? "000" : "MK:0001"} text:`;
  const fields = {
    source_addr: destination,
    destination_addr: "10690000",
    esm_class: 0x04,
    short_message: message,
    ...(state === undefined ? {} : { receipted_message_id: id, message_state: state }),
  };
  session.deliver_sm(fields, (pdu) => {
    if (pdu.command_status === OK) return;
    refusedReceipts += 1;
    // Not kept yet: it is brought again.
    setTimeout(() => receipt(session, { id, destination }, stat), RECEIPT_DELAY_MS);
  });
}

function onSubmit(session, pdu) {
  const present = presentMood();
  if (present in STATUSES) return session.send(pdu.response({ command_status: STATUSES[present] }));
  if (present === "hangs-up") return session.destroy();
  counter += 1;
  const id = `m${process.pid}-${counter}`;
  const { short_message: short, destination_addr: destination, esm_class: esmClass, data_coding: dataCoding } = pdu;
  const udh = short.udh === undefined ? null : Buffer.concat(short.udh).toString("hex");
  const text = typeof short.message === "string" ? short.message : Buffer.from(short.message).toString("hex");
  taken.push({ id, destination, esmClass, dataCoding, udh, text, registered: pdu.registered_delivery });
  if (present === "hangs-up-after") return session.destroy();
  if (present === "silent") return;
  if (present === "early") report(session, pdu, { id, destination, present });
  session.send(pdu.response({ message_id: id }));
  if (present !== "early") setTimeout(() => report(session, pdu, { id, destination, present }), RECEIPT_DELAY_MS);
}

function report(session, pdu, { id, destination, present }) {
  if (pdu.registered_delivery !== 1) return;
  if (present === "unknown-status") receipt(session, { id, destination }, "TELEPORTED");
  const stat = present === "undelivered" ? "UNDELIV" : "DELIVRD";
  for (let time = 0; time < (present === "duplicate" ? 3 : 1); time += 1) receipt(session, { id, destination }, stat);
}

// With a certificate given it speaks TLS.
const { CENTRE_CERTIFICATE: cert, CENTRE_KEY: key } = process.env;
const security = cert === undefined ? {} : { cert, key };

const centre = smpp.createServer(security, (session) => {
  sessions.add(session);
  session.on("error", () => session.destroy());
  session.on("close", () => sessions.delete(session));
  session.on("bind_transceiver", (pdu) => {
    const isKnown = pdu.system_id === "duecourse" && pdu.password === "s3cret";
    session.send(pdu.response({ command_status: isKnown ? OK : 0x0e }));
    if (!isKnown) session.close();
  });
  session.on("enquire_link", (pdu) => {
    enquiries += 1;
    if (mood !== "deaf") session.send(pdu.response());
  });
  session.on("submit_sm", (pdu) => onSubmit(session, pdu));
});

function control(path, body) {
  if (path === "/_mood") [mood, seen] = [body.mood ?? null, 0];
  if (path === "/_forget") taken.splice(0);
  if (path === "/_drop") for (const session of sessions) session.destroy();
  if (path === "/_reply") {
    for (const session of sessions) {
      const text = body.text ?? "退订";
      session.deliver_sm({ source_addr: "8613800138001", destination_addr: "10690000", short_message: text });
    }
  }
  return { taken, sessions: sessions.size, enquiries, refusedReceipts };
}

const http = createServer((request, response) => {
  let text = "";
  request.on("data", (chunk) => {
    text += chunk;
  });
  request.on("end", () => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(control(request.url, text === "" ? {} : JSON.parse(text))));
  });
});
centre.listen(0, "127.0.0.1", () => {
  http.listen(0, "127.0.0.1", () => {
    process.stdout.write(`control on ${http.address().port}, listening on ${centre.address().port}\n`);
  });
});
