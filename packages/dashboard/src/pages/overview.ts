// The overview, sessions and users, whose code is loaded together.

export { OverviewPage } from "./overview/overview-page.tsx";
export { SessionPage } from "./sessions/session-page.tsx";
export { SessionsPage } from "./sessions/sessions-page.tsx";
export { UserPage } from "./sessions/user-page.tsx";
export { UsersPage } from "./sessions/users-page.tsx";
