package api

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// schema is as much of JSON Schema as openapi.json uses.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       any                `json:"type"`
	OneOf      []*schema          `json:"oneOf"`
	Enum       []string           `json:"enum"`
	Pattern    string             `json:"pattern"`
	Required   []string           `json:"required"`
	Properties map[string]*schema `json:"properties"`
	Items      *schema            `json:"items"`
	Closed     *bool              `json:"additionalProperties"`
}

type openapiDoc struct {
	Paths map[string]map[string]struct {
		Responses map[string]struct {
			Content map[string]struct{ Schema *schema }
		}
	}
	Components struct{ Schemas map[string]*schema }
}

func readOpenAPI(t testing.TB) *openapiDoc {
	t.Helper()
	doc := new(openapiDoc)
	if err := json.Unmarshal(openapiFile, doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// check reports where v is not as s says.
func (d *openapiDoc) check(s *schema, v any, at string) error {
	if s.Ref != "" {
		name := strings.TrimPrefix(s.Ref, "#/components/schemas/")
		next, ok := d.Components.Schemas[name]
		if !ok {
			return fmt.Errorf("%s: no schema %s", at, s.Ref)
		}
		return d.check(next, v, at)
	}
	if len(s.OneOf) > 0 {
		var errs []string
		for _, one := range s.OneOf {
			err := d.check(one, v, at)
			if err == nil {
				return nil
			}
			errs = append(errs, err.Error())
		}
		return fmt.Errorf("%s: none of %s", at, strings.Join(errs, "; "))
	}
	if !hasType(s.Type, v) {
		return fmt.Errorf("%s: %T is not %v", at, v, s.Type)
	}
	switch v := v.(type) {
	case string:
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) || s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
			return fmt.Errorf("%s: %q is not %v %s", at, v, s.Enum, s.Pattern)
		}
	case []any:
		for i, x := range v {
			if err := d.check(s.Items, x, fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	case map[string]any:
		return d.checkObject(s, v, at)
	}
	return nil
}

func (d *openapiDoc) checkObject(s *schema, v map[string]any, at string) error {
	for _, key := range s.Required {
		if _, ok := v[key]; !ok {
			return fmt.Errorf("%s: %s is missing", at, key)
		}
	}
	for key, x := range v {
		next, ok := s.Properties[key]
		if !ok && s.Closed != nil && !*s.Closed {
			return fmt.Errorf("%s: %s is not in the schema", at, key)
		}
		if ok {
			if err := d.check(next, x, at+"."+key); err != nil {
				return err
			}
		}
	}
	return nil
}

func hasType(want, v any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(x any) bool { return hasType(x, v) })
	}
	switch v := v.(type) {
	case nil:
		return want == "null"
	case string:
		return want == "string"
	case bool:
		return want == "boolean"
	case float64:
		return want == "integer" && v == float64(int64(v))
	case []any:
		return want == "array"
	}
	return want == "object"
}

// conforms checks an answer of a path against openapi.json.
func (d *openapiDoc) conforms(t *testing.T, path, method, status string, raw []byte) {
	t.Helper()
	op, ok := d.Paths[path][method]
	if !ok {
		t.Errorf("%s %s is not in openapi.json", method, path)
		return
	}
	content := op.Responses[status].Content["application/json"]
	if status == "default" {
		content = op.Responses[status].Content["application/problem+json"]
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil || content.Schema == nil {
		t.Errorf("%s %s: %v in %.200s", method, path, err, raw)
		return
	}
	if err := d.check(content.Schema, v, path); err != nil {
		t.Errorf("%v in %.600s", err, raw)
	}
}
