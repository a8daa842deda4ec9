import { useTranslations } from "next-intl";
import { ButtonLink } from "./button";

/** Nothing lives at this address. Says so in the reader's language and shows the way back. */
export function MissingPage() {
  const text = useTranslations("missing");
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-3 px-6 py-24 text-center">
      <p className="figures text-2xl font-semibold text-line-strong">404</p>
      <h1 className="text-lg">{text("title")}</h1>
      <p className="max-w-[52ch] text-sm text-muted">{text("note")}</p>
      <ButtonLink look="primary" href="/">
        {text("home")}
      </ButtonLink>
    </div>
  );
}
