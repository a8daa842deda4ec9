import type { IssueTexts } from "../issue-text";
import en from "./texts/en.json";
import zh from "./texts/zh-CN.json";

/** Texts of every issue that reading a table from CSV can give. */
export const tableCsvIssueTexts: IssueTexts = { "zh-CN": zh, en };
