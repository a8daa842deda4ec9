/** Brackets hold units and remarks (`逾期金额(元)`), never the name. */
const BRACKETS = /[([{（【〔][^)\]}）】〕]*[)\]}）】〕]/g;
const SEPARATORS = /[\s_\-.:：/\\#*"']+/g;

/** A column title as it is compared: one width, one case, without brackets, blanks and separators. */
export function normaliseTitle(title: string): string {
  return title.normalize("NFKC").toLowerCase().replace(BRACKETS, "").replace(SEPARATORS, "");
}

/** What stands in the brackets of a title, for its unit. */
export function remarkOf(title: string): string {
  return (title.normalize("NFKC").toLowerCase().match(BRACKETS) ?? []).join(" ");
}
