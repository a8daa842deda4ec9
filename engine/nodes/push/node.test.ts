import { expect, test } from "vitest";
import { contextWith } from "../testing/context";
import { push } from "./node";

const waiting = { contentId: "push.late", waitForDelivery: true, giveUpHours: 12 };

test("a notice that was seen has arrived; one to a phone without the app has not", () => {
  expect(push.compile(waiting, contextWith())).toMatchObject({
    request: { channel: "push", contentId: "push.late" },
    outcomes: { DLV: "delivered", OPN: "delivered", CLK: "delivered", UND: "failed", UNI: "failed" },
    exhausted: "failed",
    expired: "expired",
  });
});

test("says what WeChat allows its template messages for", () => {
  expect(push.texts["zh-CN"].help).toMatch(/微信模板消息只能用于服务通知/);
  expect(push.texts.en.help).toMatch(/WeChat template messages are for service notices only/);
});

test("waits half a day by default: a notice that was not shown by then will not be", () => {
  expect(push.schema.parse({ contentId: "push.late", waitForDelivery: true })).toMatchObject({ giveUpHours: 12 });
});
