import { defineIntake, intakeParams } from "../fragments-intake";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** Complaints come before other cases. */
const COMPLAINT_PRIORITY = 2;

/**
 * The debtor complains. Due in 15 days, complex cases in 60: rules on consumer complaints of banks and insurers (银行业保险业消费投诉
 * 处理管理办法); have counsel check.
 */
export const complaint = defineIntake({
  type: "complaint",
  icon: "megaphone",
  initial: {
    queue: "",
    priority: COMPLAINT_PRIORITY,
    dueDays: 15,
    giveUpDays: 60,
    holdDays: 0,
    releaseOn: ["settled", "rejected", "withdrawn"],
  },
  summary: (data) =>
    data.queue.trim() === ""
      ? { key: "missing", params: {} }
      : { key: data.holdDays === 0 ? "until-released" : "for-days", params: intakeParams(data) },
  texts: { "zh-CN": zh, en },
  examples,
});
