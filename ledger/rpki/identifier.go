package rpki

import "golang.org/x/crypto/cryptobyte/asn1"

// Identifiers and whole values that stand in an object as one run of bytes,
// each with its header. They are compared, never interpreted.
//
// specs/19 RPKI-4: An identifier MUST be compared byte by byte.
var (
	algSHA256        = unhex("300b0609608648016503040201")     // RFC 5754, Section 2.2: as it is to be written
	algSHA256Null    = unhex("300d06096086480165030402010500") // and as it is to be read, too
	algSHA256WithRSA = unhex("300d06092a864886f70d01010b0500") // RFC 4055, Section 5: parameters NULL
	algRSA           = unhex("300d06092a864886f70d0101010500") // RFC 3370, Section 3.2: parameters NULL

	oidSignedData    = unhex("06092a864886f70d010702")
	oidChecklist     = unhex("060b2a864886f70d0109100130") // RFC 9323, Section 3: 1.2.840.113549.1.9.16.1.48
	oidContentType   = unhex("06092a864886f70d010903")
	oidMessageDigest = unhex("06092a864886f70d010904")
	oidSigningTime   = unhex("06092a864886f70d010905")

	oidCommonName   = unhex("0603550403")
	oidSerialNumber = unhex("0603550405")

	oidCPS          = unhex("06082b06010505070201") // RFC 7318
	oidPolicy       = unhex("06082b06010505070e02") // RFC 6484, Section 1.2: id-cp-ipAddr-asNumber
	oidCAIssuers    = unhex("06082b06010505073002")
	oidCARepository = unhex("06082b06010505073005")
	oidManifest     = unhex("06082b0601050507300a")
	oidNotify       = unhex("06082b0601050507300d") // RFC 8182, Section 3.2

	oidAKI       = unhex("0603551d23")
	oidCRLNumber = unhex("0603551d14")

	version1 = unhex("020101") // the second version of a CRL
	version2 = unhex("020102") // the third version of a certificate
	version3 = unhex("020103") // of CMS SignedData and SignerInfo, RFC 6488
	derTrue  = unhex("0101ff")
	derNull  = unhex("0500")
)

// Tags of the context.
var (
	tag0         = asn1.Tag(0).ContextSpecific().Constructed()
	tag1         = asn1.Tag(1).ContextSpecific().Constructed()
	tag3         = asn1.Tag(3).ContextSpecific().Constructed()
	tag0Octets   = asn1.Tag(0).ContextSpecific()
	tag6Octets   = asn1.Tag(6).ContextSpecific()
	tagPrintable = asn1.PrintableString
)

// unhex reads a constant of this file; a wrong one stops the program's start.
func unhex(text string) []byte {
	out := make([]byte, len(text)/2)
	for i, c := range []byte(text) {
		d := c - '0'
		if c >= 'a' {
			d = c - 'a' + 10
		}
		out[i/2] = out[i/2]<<4 | d
	}
	return out
}
