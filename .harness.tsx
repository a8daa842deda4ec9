import { createRoot } from "react-dom/client";
import { useState } from "react";
import { StrategyDesigner } from "#designer";
import { readStrategyText } from "#engine";
function App() {
  const w = window as any;
  const [doc, setDoc] = useState(() => { const r: any = readStrategyText(w.__DOC); if (!r.ok) throw new Error(JSON.stringify(r.error)); return r.value; });
  return <div style={{ height: "100vh" }}><StrategyDesigner doc={doc} pack={w.__PACK} locale={w.__LOCALE} onChange={(d) => { w.__NOW = d; setDoc(d); }} /></div>;
}
createRoot(document.getElementById("root")!).render(<App />);
