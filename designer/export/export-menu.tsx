import { ImageDown } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../controls/icon-button";
import { useDesigner, useDrawing, useText, useWords } from "../store/context";
import { chartSvg } from "./chart-svg";
import { download, pngOf } from "./files";

/** The chart as a picture: SVG keeps its texts, PNG goes into any document. */
export function ExportMenu() {
  const text = useText();
  const doc = useDesigner((state) => state.doc);
  const drawing = useDrawing();
  const words = useWords();
  const [failed, setFailed] = useState(false);
  const svg = () => chartSvg(doc, drawing, words);
  const choose = (act: () => Promise<void> | void) => async () => {
    setFailed(false);
    try {
      await act();
    } catch {
      // A picture larger than the browser can hold: the SVG has no such bound.
      setFailed(true);
    }
  };
  return (
    <span className="dz-export">
      <IconButton
        label={text("export.svg")}
        onClick={choose(() => download(new Blob([svg()], { type: "image/svg+xml" }), `${doc.key}.svg`))}
      >
        <ImageDown size={16} aria-hidden />
        <span aria-hidden>SVG</span>
      </IconButton>
      <IconButton
        label={text("export.png")}
        onClick={choose(async () => download(await pngOf(svg()), `${doc.key}.png`))}
      >
        <span aria-hidden>PNG</span>
      </IconButton>
      <span role="status" className="sr-only">
        {failed ? text("export.failed") : ""}
      </span>
    </span>
  );
}
