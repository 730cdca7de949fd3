import { fileSystemsContract, toolsContract } from "@openhands/testing";
import { dockerProvider } from "../../test/real-providers.ts";

toolsContract("docker", dockerProvider);
fileSystemsContract("docker", dockerProvider);
