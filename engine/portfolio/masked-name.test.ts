import { expect, it } from "vitest";
import { maskedName } from "./masked-name";

it.each([
  ["张三", "张**"],
  ["欧阳小明", "欧**"],
  ["John Smith", "J**"],
  ["  𠮷田 ", "𠮷**"],
  ["", null],
  [null, null],
  [7, null],
])("%j is shown as %j", (name, shown) => expect(maskedName(name)).toBe(shown));
