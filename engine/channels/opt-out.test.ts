import { expect, it } from "vitest";
import { isOptOut } from "./opt-out";

it.each(["TD", "ｔｄ", " 退订！", "回复退订", "T", "STOP", "stop.", "Opt  out", "\u200bUnsubscribe me", "拒收"])(
  "%j asks for no more",
  (text) => expect(isOptOut(text)).toBe(true),
);

it.each(["", "   ", "好的", "今天还款", "请不要停止服务", "ok, at the end of the month", "TD银行卡已还", "?"])(
  "%j does not",
  (text) => expect(isOptOut(text)).toBe(false),
);
