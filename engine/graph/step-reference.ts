import type { Locale } from "../model/locale";
import { nodeDefinitions } from "../nodes";
import type { AnyNodeDefinition, FormField } from "../nodes/define";

/** Words of the page around what the step types say of themselves. */
const WORDS: { readonly [locale in Locale]: { readonly [word: string]: string } } = {
  "zh-CN": {
    title: "步骤类型",
    intro: "本页由步骤目录自动生成：每种步骤的用途、字段与出口，与画布上所见一致。",
    type: "类型",
    version: "数据版本",
    group: "分组",
    fields: "字段",
    field: "字段",
    path: "JSON 路径",
    values: "取值",
    ways: "出口",
    way: "出口",
    id: "编号",
    role: "性质",
    main: "主路",
    branch: "分支",
    fallback: "兜底",
    repeats: "有限次回环",
    example: "示例数据",
    author: "由作者命名",
  },
  en: {
    title: "Step types",
    intro:
      "Generated from the registry of step types: what each is for, its fields and its ways on, as they stand on the canvas.",
    type: "Type",
    version: "data version",
    group: "group",
    fields: "Fields",
    field: "Field",
    path: "JSON path",
    values: "Values",
    ways: "Ways on",
    way: "Way on",
    id: "Id",
    role: "Role",
    main: "main",
    branch: "branch",
    fallback: "fallback",
    repeats: "goes round a bounded number of times",
    example: "Example data",
    author: "named by the author",
  },
};

/** A page on every step type, in the order of the palette. */
export function stepReference(locale: Locale): string {
  const words = WORDS[locale];
  const sections = nodeDefinitions.map((definition) => section(definition, locale));
  return `${[`# ${words.title}`, words.intro, ...sections].join("\n\n")}\n`;
}

function section(definition: AnyNodeDefinition, locale: Locale): string {
  const words = WORDS[locale];
  const texts = definition.texts[locale];
  const head = `${words.type} \`${definition.type}\` · ${words.version} ${definition.version} · ${words.group} \`${definition.group}\``;
  const example = definition.examples[0];
  return [
    `## ${texts.title}`,
    head,
    texts.help,
    ...(definition.form.length === 0 ? [] : [fieldTable(definition, locale)]),
    ...wayTable(definition, locale),
    ...(example === undefined ? [] : [`${words.example}:`, `\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``]),
  ].join("\n\n");
}

function fieldTable(definition: AnyNodeDefinition, locale: Locale): string {
  const words = WORDS[locale];
  const texts = definition.texts[locale];
  const rows = definition.form.map((field) =>
    row([cell(texts.fields[field.path] ?? field.path), `\`${field.path}\``, cell(valuesOf(field, definition, locale))]),
  );
  return table([words.field ?? "", words.path ?? "", words.values ?? ""], rows);
}

function valuesOf(field: FormField, definition: AnyNodeDefinition, locale: Locale): string {
  const options = field.options?.map((value) => `\`${value}\` ${definition.texts[locale].options[value] ?? ""}`.trim());
  if (options !== undefined && options.length > 0) return options.join(", ");
  const { minimum, maximum } = field;
  if (minimum === undefined && maximum === undefined) return `(${field.widget})`;
  return `${minimum ?? ""} … ${maximum ?? ""}`;
}

/** Ways on of the first example: those an author names differ from step to step. */
function wayTable(definition: AnyNodeDefinition, locale: Locale): readonly string[] {
  const words = WORDS[locale];
  const data = definition.examples[0] ?? definition.initial();
  const rows = definition.handles(data).map((handle) => {
    const label =
      "key" in handle.label ? (definition.texts[locale].handles[handle.label.key] ?? handle.id) : words.author;
    const role = handle.repeats === true ? `${words[handle.role]}, ${words.repeats}` : words[handle.role];
    return row([cell(label ?? handle.id), `\`${handle.id}\``, role ?? ""]);
  });
  return rows.length === 0 ? [] : [table([words.way ?? "", words.id ?? "", words.role ?? ""], rows)];
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [row(head), `|${head.map(() => "---").join("|")}|`, ...rows].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
