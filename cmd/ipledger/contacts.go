package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func contactsCommand(s *session) *cobra.Command {
	return family("contacts", "State a block's contacts, and read them", "  ipledger contacts set 193.0.8.0/24 --abuse abuse@example.net",
		contactsSet(s), contactsUpload(s), contactsShow(s), contactsErase(s))
}

func contactsSet(s *session) *cobra.Command {
	var away bool
	var abuse, data, private string
	return s.act(verb{
		use: "set RESOURCE", short: "State the contacts of a block",
		long: `Replace the contacts of a block that you possess. The abuse contact is public for
good: name a role, never a person.

--data is other contact data, which stay off the ledger and can be erased: a JSON
list of {"role", "name", "mailbox", "phone", "address"}. They are written beside
FILE as *.contacts.json with a salt; the ledger has the hash of that, and the node,
which must be your own (see contacts_for of ipledgerd), keeps it. FILE may also be
such a *.contacts.json, to be stated at another block.`,
		example: "  ipledger contacts set 193.0.8.0/24 --abuse abuse@example.net\n  ipledger contacts set 193.0.8.0/24 --abuse abuse@example.net --data desk.json",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&abuse, "abuse", "", "a role mailbox or an https URL")
			c.Flags().StringVar(&data, "data", "", "file of other contact data")
			c.Flags().StringVar(&private, "private", "", "salted hash of other contact data that some node keeps already, 64 digits")
			c.MarkFlagsMutuallyExclusive("data", "private")
			none(c, &away, "the contacts")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			if err := either(abuse == "" && private == "" && data == "", away, "--abuse, --data or --private"); err != nil {
				return plan{}, err
			}
			hash, err := optionalID(given(private))
			var file contactFile
			if err == nil && data != "" {
				file, err = s.makeContactFile(data)
				hash = file.hash()
			}
			if err != nil {
				return plan{}, err
			}
			var at wire.Resource
			p, err := s.stating(ctx, args[0], func(m matter) (tx.Body, error) {
				at = m.block
				return &tx.ContactsSet{Resource: m.block, Abuse: abuse, Private: hash}, nil
			})
			if data != "" {
				p.finish = func(ctx context.Context) error { return s.handIn(ctx, at, file) }
			}
			return p, err
		},
	})
}

func contactsUpload(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "upload RESOURCE FILE", Short: "Hand a contact file to a node",
		Long: `Hand a *.contacts.json, whose hash the contacts of a block name, to a node that is to
keep it: your own, or one whose operator named your account in contacts_for.`,
		Example: "  ipledger contacts upload 193.0.8.0/24 desk.contacts.json",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			at, err := usual(args[0])
			if err != nil {
				return err
			}
			file, err := readContactFile(args[1])
			if err != nil {
				return err
			}
			return s.handIn(cmd.Context(), at, file)
		},
	}
}

func contactsShow(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "show RESOURCE", Short: "Read the contacts of a block",
		Long: `Read the contacts of a block: the abuse contact from the ledger, and other contact
data from the node, if it keeps them. Those are checked against the salted hash on the
ledger; the ledger does not say which node keeps them.`,
		Example: "  ipledger contacts show 193.0.8.0/24 --node https://node.example.net",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			at, err := usual(args[0])
			if err != nil {
				return err
			}
			return s.showContacts(cmd.Context(), at)
		},
	}
}

// showContacts prints the contacts at the smallest block over r that has some.
func (s *session) showContacts(ctx context.Context, r wire.Resource) error {
	a, err := s.look(ctx, r, "", false)
	if err != nil {
		return err
	}
	var found *servicesAnswer
	for i := range a.Services {
		if x := &a.Services[i]; x.Abuse != "" || x.Private != nil {
			found = x
		}
	}
	if found == nil {
		return fail(exitNotFound, "no contacts are stated for %v", r)
	}
	var file *light.Contacts
	if found.Private != nil {
		if file, err = s.fetchContacts(ctx, *found.Private); err != nil {
			return err
		}
	}
	return s.tellContacts(a, found, file)
}

// tellContacts prints contacts; file is nil where there are none but the abuse
// contact.
func (s *session) tellContacts(a *sourced, x *servicesAnswer, file *light.Contacts) error {
	if s.json {
		return s.out.json(map[string]any{"resource": x.At, "holder": x.Holder, "abuse": x.Abuse, "private": x.Private, "verified": a.verified, "contacts": file})
	}
	p := s.out
	p.field("resource", "%s", x.At)
	p.field("holder", "%s", s.book.tell(x.Holder.Address))
	if x.Abuse != "" {
		p.field("abuse", "%s", x.Abuse)
	}
	if file == nil {
		return nil
	}
	for _, c := range file.Contacts {
		p.field("contact", "%s", said(c.Role))
		for _, line := range [][2]string{{"name", c.Name}, {"mailbox", c.Mailbox}, {"phone", c.Phone}, {"address", c.Address}} {
			if line[1] != "" {
				p.field("", "%s %s", said(line[0]), said(line[1]))
			}
		}
	}
	p.field("checked", "they are what the ledger has the hash of")
	return nil
}

// privateAt is the hash of other contact data at exactly a block, zero for none.
func privateAt(list []servicesAnswer, at wire.Resource) (hash wire.Hash) {
	for _, x := range list {
		if string(x.At) == at.String() && x.Private != nil {
			hash = *x.Private
		}
	}
	return hash
}

func contactsErase(s *session) *cobra.Command {
	return s.act(verb{
		use: "erase RESOURCE [HASH]", short: "Erase other contact data, on every node",
		long: `Take away the salted hash of other contact data; every node forgets what it kept
under it, in that ledger block. The hash is looked up where it is left out.`,
		example: "  ipledger contacts erase 193.0.8.0/24",
		plan: func(ctx context.Context, args []string) (plan, error) {
			hash, err := optionalID(args[1:])
			if err != nil {
				return plan{}, err
			}
			return s.stating(ctx, args[0], func(m matter) (tx.Body, error) {
				if hash.IsZero() {
					hash = privateAt(m.Services, m.block)
				}
				if hash.IsZero() {
					return nil, fail(exitRefused, "%w", tx.Refuse("SVC-8", "private", "no other contact data are stated at %v", m.block)).hint("ipledger lookup %v", m.block)
				}
				return &tx.ContactsErase{Resource: m.block, Private: hash}, nil
			})
		},
	})
}
