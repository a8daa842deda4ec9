import { FlaskConical } from "lucide-react";
import { useId, useState } from "react";
import { Input } from "../controls/inputs";
import { useText } from "../store/context";

const NAME_MAX = 120;

/** Keeps the walk as a test of the strategy: it fails when the strategy no longer does this. */
export function WalkSave({
  suggestion,
  onSave,
}: {
  readonly suggestion: string;
  readonly onSave: (name: string) => void;
}) {
  const text = useText();
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const name = (typed ?? suggestion).trim().slice(0, NAME_MAX);
  return (
    <form
      className="dz-walk-save"
      onSubmit={(event) => {
        event.preventDefault();
        if (name === "") return;
        onSave(name);
        setSaved(name);
        setTyped(null);
      }}
    >
      <label htmlFor={id}>{text("walk.save-name")}</label>
      <Input
        id={id}
        value={typed ?? suggestion}
        maxLength={NAME_MAX}
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" disabled={name === ""}>
        <FlaskConical size={14} aria-hidden />
        {text("walk.save")}
      </button>
      <p role="status">{saved === null ? "" : text("walk.saved", { name: saved })}</p>
    </form>
  );
}
