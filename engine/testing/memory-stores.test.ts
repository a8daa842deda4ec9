import { memoryStores } from "./memory-stores";
import { storesContract } from "./stores-contract";

storesContract("memory", async () => memoryStores());
