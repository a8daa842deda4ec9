import type { Locale } from "#engine";
import type chinese from "./zh-CN.json";

declare module "next-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: typeof chinese;
  }
}
