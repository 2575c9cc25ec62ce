package world

import "fmt"

// Body is a registrar or an adjudicator of the world; its account has its name.
type Body struct{ Name, Organisation, Jurisdiction string }

// String is the body as the members file states it, below its header.
func (b Body) String() string {
	return fmt.Sprintf("name = %q\norganisation = %q\njurisdiction = %q\ntitle_keys = [%q]\n", b.Name, b.Organisation, b.Jurisdiction, keyText(b.Name))
}

// Registrars are three that share neither organisation nor law.
var Registrars = []Body{
	{"notary-polder", "Polder Notaries Cooperative", "NL"},
	{"notary-andes", "Fundacion Atesta", "CL"},
	{"notary-lotus", "Lotus Number Notaries", "SG"},
}

// Adjudicators are enough for a panel from three jurisdictions and one appeal.
var Adjudicators = []Body{
	{"arbiter-alba", "Geneva Chamber of Numbers", "CH"},
	{"arbiter-fuji", "Kanto Arbitration Association", "JP"},
	{"arbiter-savanna", "Nairobi Centre for Disputes", "KE"},
	{"arbiter-pampas", "Camara de Arbitraje del Plata", "AR"},
	{"arbiter-maple", "Laurentian Mediation Society", "CA"},
	{"arbiter-alpine", "Geneva Chamber of Numbers", "AT"},
}
