export {
  describeDevice,
  DeviceError,
  type DeviceAttempt,
  type DeviceName,
  type DeviceReport,
} from "./device.js";
