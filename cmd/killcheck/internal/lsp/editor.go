package lsp

import (
	"encoding/json"
	"sort"
)

// initializeParams is the part of the initialize request that matters here.
type initializeParams struct {
	ProcessID    int `json:"processId"`
	Capabilities struct {
		Workspace struct {
			WorkspaceEdit struct {
				DocumentChanges bool `json:"documentChanges"`
				Snippets        bool `json:"snippetEditSupport"`
			} `json:"workspaceEdit"`
			Diagnostics struct {
				RefreshSupport bool `json:"refreshSupport"`
			} `json:"diagnostics"`
		} `json:"workspace"`
		TextDocument struct {
			PublishDiagnostics struct {
				RelatedInformation bool `json:"relatedInformation"`
			} `json:"publishDiagnostics"`
			Hover struct {
				ContentFormat []string `json:"contentFormat"`
			} `json:"hover"`
		} `json:"textDocument"`
	} `json:"capabilities"`
	Options options `json:"initializationOptions"`
}

// options are settings of gopls that decide what code there is, and one of the
// stand-alone server.
type options struct {
	BuildFlags  []string       `json:"buildFlags"`
	BuildFlags2 []string       `json:"build.buildFlags"` // gopls takes both forms
	Env         map[string]any `json:"env"`
	Env2        map[string]any `json:"build.env"`
	Hover       *bool          `json:"hover"` // false: some editors show one hover only
}

// initialize takes over the abilities and settings of the editor.
func (c *core) initialize(params json.RawMessage) initializeParams {
	var p initializeParams
	if err := json.Unmarshal(params, &p); err != nil {
		c.Log.Printf("initialize: %v", err) // what was understood counts
	}
	f := features{
		related:         p.Capabilities.TextDocument.PublishDiagnostics.RelatedInformation,
		documentChanges: p.Capabilities.Workspace.WorkspaceEdit.DocumentChanges,
		snippets:        p.Capabilities.Workspace.WorkspaceEdit.Snippets,
		refresh:         p.Capabilities.Workspace.Diagnostics.RefreshSupport,
	}
	for _, format := range p.Capabilities.TextDocument.Hover.ContentFormat {
		f.markdown = f.markdown || format == "markdown"
	}
	c.configure(f)
	c.buildSettings(p.Options.build())
	return p
}

func (o options) build() (flags, env []string) {
	for _, vars := range []map[string]any{o.Env, o.Env2} {
		for name, value := range vars {
			if text, ok := value.(string); ok {
				env = append(env, name+"="+text)
			}
		}
	}
	sort.Strings(env)
	return append(o.BuildFlags, o.BuildFlags2...), env
}

// goplsSettings reads the editor's answer to workspace/configuration: one entry
// for each section that gopls asked for.
func (c *core) goplsSettings(result json.RawMessage) {
	var list []*options
	if err := json.Unmarshal(result, &list); err != nil {
		return // not settings of the known form; gopls will judge them
	}
	for _, o := range list {
		if o != nil {
			c.buildSettings(o.build())
			return
		}
	}
}

// document takes in one of the four notifications about documents.
func (c *core) document(method string, p *documentParams) {
	switch method {
	case "textDocument/didOpen":
		c.open(p.TextDocument)
	case "textDocument/didChange":
		c.change(p.TextDocument, p.ContentChanges)
	case "textDocument/didSave":
		c.save(p.TextDocument.URI)
	case "textDocument/didClose":
		c.closeDocument(p.TextDocument.URI)
	}
}

// documents gives every open document as didOpen would.
func (c *core) documents() []textDocument {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []textDocument
	for _, d := range c.docs {
		list = append(list, textDocument{URI: d.uri, Version: d.version, LanguageID: d.language, Text: d.text})
	}
	return list
}

func watchedFiles(params json.RawMessage) []string {
	var p struct {
		Changes []struct {
			URI string `json:"uri"`
		} `json:"changes"`
	}
	if err := json.Unmarshal(params, &p); err != nil {
		return nil // nothing that we understand
	}
	var uris []string
	for _, c := range p.Changes {
		uris = append(uris, c.URI)
	}
	return uris
}
