/**
 * A certificate for localhost that nobody trusts but a test that says so, until 2126, and its key. Made
 * with: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj
 * /CN=localhost -addext subjectAltName=DNS:localhost
 */
export const localhostCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUP3MkIyNJp/zkhUtYg8IMXHnnMwswCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzA4NDc0NloYDzIxMjYxMTAz
MDg0NzQ2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ+NU0P/SmBpx8At/XTnbIBwSnHW/Dwtxeqt6E0W7pNagOxStwNT2kM
2GyKTikBPCT1maMS6kEbKlNo6lF6h9mLo2kwZzAdBgNVHQ4EFgQU0h/YUWSj+n9H
5AZYbI7JCEcecUgwHwYDVR0jBBgwFoAU0h/YUWSj+n9H5AZYbI7JCEcecUgwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgbcntQLT/6QxPvBn83YXWPelRlSnLyCFyvv16/f0+2/cCIQCGp0xrc/kx
rhFgpiH3eGtVg4eo+hH4TsjB7deO6uxiJg==
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgWway05Kax/d8MHgg
T0dN+oB0NDVMIylIqqZerFZZXcWhRANCAAQ+NU0P/SmBpx8At/XTnbIBwSnHW/Dw
txeqt6E0W7pNagOxStwNT2kM2GyKTikBPCT1maMS6kEbKlNo6lF6h9mL
-----END PRIVATE KEY-----`,
};
