import { type NodeGroup, nodeDefinitions } from "#engine";
import { InvariantError } from "#engine/model/invariant";
import { outlineOf, shapeOf, sizeOf } from "../../designer/canvas/geometry";
import texts from "../../designer/texts/en.json";
import chinese from "../../designer/texts/zh-CN.json";
import { hexOf } from "./contrast";
import type { Theme, Tokens } from "./tokens";

const COLUMNS = 3;
const CELL = { width: 268, height: 104 };
const MARGIN = 18;
/** What a screen reader says of the picture. */
const TITLE = "步骤分组 Groups of steps";
/** Values and flow are a kind of deciding: they share its hue, as they share its shape. */
const hueName = (group: NodeGroup): string => `group-${group === "control" ? "decide" : group}`;

/** Every group of steps as the chart draws it, shape and hue, with its name in both languages. */
export function stepsPicture(tokens: Tokens, theme: Theme): string {
  const colour = (name: string): string => {
    const found = tokens.get(name);
    if (found === undefined) throw new InvariantError("design.no-colour", { name });
    return hexOf(found[theme]);
  };
  const groups = [...new Set(nodeDefinitions.map(({ group }) => group))];
  const cards = groups.map((group, index) => {
    const size = sizeOf(group);
    const x = MARGIN + (index % COLUMNS) * CELL.width;
    const y = MARGIN + Math.floor(index / COLUMNS) * CELL.height;
    const words = shapeOf(group) === "disc" ? size.width + 12 : 22;
    return [
      `<g transform="translate(${x} ${y})">`,
      `<path d="${outlineOf(shapeOf(group), size)}" fill="${colour("surface")}" stroke="${colour(hueName(group))}" stroke-width="2"/>`,
      `<text x="${words}" y="29" fill="${colour("ink")}" font-weight="600">${chinese.groups[group]}</text>`,
      `<text x="${words}" y="47" fill="${colour("muted")}">${texts.groups[group]}</text>`,
      "</g>",
    ].join("");
  });
  const width = 2 * MARGIN + COLUMNS * CELL.width - (CELL.width - 232);
  const height = 2 * MARGIN + Math.ceil(groups.length / COLUMNS) * CELL.height - (CELL.height - 64);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Inter, 'Noto Sans SC', sans-serif" font-size="13">`,
    `<title>${TITLE}</title>`,
    `<rect width="${width}" height="${height}" fill="${colour("paper")}"/>`,
    ...cards,
    "</svg>",
    "",
  ].join("\n");
}
