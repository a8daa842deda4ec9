import { MissingPage } from "../_ui/missing-page";

export default function NotFound() {
  return <MissingPage />;
}
