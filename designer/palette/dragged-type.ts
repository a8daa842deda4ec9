/** What a step type dragged out of the palette is called on the clipboard of the drag. */
export const DRAGGED_TYPE = "application/x-duecourse-step";
