import type { IssueTexts } from "../issue-text";
import en from "./texts/en.json";
import zh from "./texts/zh-CN.json";

/** Texts of everything that importing a decision graph can refuse or remark. */
export const jdmIssueTexts: IssueTexts = { "zh-CN": zh, en };
