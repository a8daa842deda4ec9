import { MissingPage } from "./_ui/missing-page";

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col">
      <MissingPage />
    </main>
  );
}
