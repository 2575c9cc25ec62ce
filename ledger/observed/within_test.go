package observed

// ReadWithin is ReadExport under another bound of bytes.
var ReadWithin = readExport
