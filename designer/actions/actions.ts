import type { Action, ActionTools, KeyPress, Menu } from "./action";
import { EDITING } from "./editing";
import { LOOKING } from "./looking";

/** Everything that can be done in the designer: the one list behind toolbar, menus, keys, their sheet and the palette of commands. */
export const ACTIONS: readonly Action[] = [...EDITING, ...LOOKING];

function isAllowed(action: Action, tools: ActionTools): boolean {
  return action.reading || !tools.store.getState().readOnly;
}

/** The action a key press means, when it may be done now. */
export function actionFor(press: KeyPress, tools: ActionTools): Action | undefined {
  return ACTIONS.find((action) => action.matches(press) && isAllowed(action, tools) && action.enabled(tools));
}

/** What can be done now, in a menu or, without one, at all. */
export function actionsNow(tools: ActionTools, menu?: Menu): readonly Action[] {
  return ACTIONS.filter(
    (action) =>
      (menu === undefined || action.menus?.includes(menu) === true) &&
      isAllowed(action, tools) &&
      action.enabled(tools),
  );
}
