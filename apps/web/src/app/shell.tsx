import { Outlet } from "@tanstack/react-router";
import { useStore } from "zustand";
import { classNames } from "../components/class-names.ts";
import { ConversationList } from "../conversations/conversation-list.tsx";
import { Overlays } from "../overlays/overlays.tsx";
import { ServerWarnings } from "./server-warnings.tsx";
import { useServices } from "./services.ts";

/** The list of conversations beside whatever page is open. On a narrow screen the list slides over it. */
export function Shell() {
  const { layout, isRoomy } = useServices();
  const listOpen = useStore(layout, (state) => state.listOpen);
  const close = (): void => layout.setState({ listOpen: false });
  return (
    <div className="flex h-full">
      <aside
        aria-label="Conversations"
        inert={!listOpen}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !isRoomy()) close();
        }}
        className={classNames(
          "flex w-64 shrink-0 flex-col border-r border-line bg-panel",
          "max-lg:fixed max-lg:inset-y-0 max-lg:left-0 max-lg:z-30 max-lg:w-[min(300px,86vw)] max-lg:transition-transform max-lg:duration-150",
          listOpen ? "" : "max-lg:invisible max-lg:-translate-x-full lg:hidden",
        )}
      >
        <ConversationList />
      </aside>
      {listOpen ? (
        <button
          type="button"
          aria-label="Close the list"
          onClick={close}
          className="fixed inset-0 z-20 bg-[color-mix(in_srgb,var(--bg)_60%,transparent)] lg:hidden"
        />
      ) : null}
      <div className="flex min-w-0 flex-1 flex-col">
        <ServerWarnings />
        <div className="flex min-h-0 flex-1">
          <Outlet />
        </div>
      </div>
      <Overlays />
    </div>
  );
}
