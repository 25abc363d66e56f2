export { filesBeside } from "./files-beside.ts";
export { storageElsewhere, withElsewhere, withPlace } from "./files-elsewhere.ts";
export { answerStorage, type CallStorage, hostStorage } from "./host-storage.ts";
export { joinStorages } from "./joined-storage.ts";
